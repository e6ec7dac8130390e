"""S3's protocol, spoken by moto over the local Athena's own objects. Nothing else reaches into moto."""
