"""The cases of one operation: sent, judged, attributed, made small."""
