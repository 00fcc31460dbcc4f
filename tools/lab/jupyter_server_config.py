"""How `make lab` starts JupyterLab: for this machine alone, asking no other host, and saving notebooks tidy."""

c = get_config()  # noqa: F821 (Jupyter puts it there)
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True  # in a container one often is
c.FileContentsManager.pre_save_hook = "panj.tidy.before_save"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.FileContentsManager.preferred_dir = "chapters"
c.ServerApp.log_level = "WARN"
