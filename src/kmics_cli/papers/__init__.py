"""Answers as papers: pages that stay true, and other kinds of file."""
