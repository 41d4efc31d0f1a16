"""What is tracked: measures, their baselines and readings, and the distance travelled (2.12)."""
