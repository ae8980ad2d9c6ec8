"""The registers the texts ask for, each from one declaration."""
