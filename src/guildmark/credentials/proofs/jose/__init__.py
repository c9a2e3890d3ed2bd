"""Credentials secured with JOSE and COSE: JWS, VC-JWT, VC-JOSE-COSE and SD-JWT."""
