"""The four formats of a briefing, all from one content model: HTML, PDF, DOCX and JSON."""
