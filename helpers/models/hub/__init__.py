"""A local torch.hub repository: `hubconf.py` lists the embedded models."""
