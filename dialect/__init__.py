"""What the IR can say: operations, attributes, types, verifiers, and the shape mathematics."""
