"""Mail about what a person follows: a consultation, a provision or an organisation."""
