"""What is asked of accounts, and who answers for them: second factors, lost ones, suspension."""
