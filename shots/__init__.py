"""Every page at each size, language, theme and type, looked at by a browser that finds fault."""
