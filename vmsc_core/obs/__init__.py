"""The OBS side: with vmsc_obs.py the only place that imports obspython."""
