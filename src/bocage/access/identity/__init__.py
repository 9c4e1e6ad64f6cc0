"""Who a person is, as said by an identity provider (OpenID Connect): read, verified, matched with an account."""
