"""What every page shares: components, forms, answers, navigation and the look.

What does not belong here: anything that knows a risk, a vendor or a report.
"""
