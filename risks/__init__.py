"""The risk register: risks, their ratings, the client's limits, treatment and acceptance."""
