"""Pages as files: Word and HTML for other programs, and pages of one's own that stay true."""
