"""Random cohorts are judged by what comes out, not by how busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "cohorts", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("cohorts")
