"""`app`: for flask, waitress and gunicorn. Nothing else."""

from workflow.factory import create_app

app = create_app()
