"""The desk in a real Chromium: what a test of requests alone cannot see."""
