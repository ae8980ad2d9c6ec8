"""Official documents: a frozen snapshot, the blocks it says, and their layout by the rules of văn thư."""
