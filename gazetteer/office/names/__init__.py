"""The desk of the place-name office: rules, readings and applications on one county file."""
