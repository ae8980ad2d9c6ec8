"""Khiên: from the text of a regulation to evidence that its duties are met."""

__version__ = "0.1.0"
