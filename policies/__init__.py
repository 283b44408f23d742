"""The written programme: policies, the WISP, the SSP and plans, with their versions and approvals."""
