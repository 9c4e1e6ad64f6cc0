"""Assembly: settings, urls, servers, command line."""
