"""What can be done with logged models: nothing makes one yet, so all there is to do is to find none."""

from __future__ import annotations

from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.wire.endpoint import Empty
from fluvial.wire.logged_models import SEARCH_LOGGED_MODELS, SearchLoggedModels


@serve(SEARCH_LOGGED_MODELS, needs=Permission.READ)
def search_logged_models(context: Context, request: SearchLoggedModels) -> Empty:
    """No models: there is no call that makes one.

    Raises:
        InvalidRequest: An experiment id is none.
    """
    del context
    rules.experiment_ids(request.experiment_ids)
    return Empty()
