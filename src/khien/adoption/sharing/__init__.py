"""A reviewed text as others can take it over: library folder, signed package, OSCAL, CISO Assistant, workbook."""
