"""Pages as files that people open with other programs: Word and a browser."""
