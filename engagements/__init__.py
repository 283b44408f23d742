"""The engagement: who the client is, what was agreed, what is asked, decided and done."""
