"""The workbook of a reorganisation: a sheet of steps, one of leaders, one of those who follow by name."""
