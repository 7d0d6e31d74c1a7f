"""Names for runs that come without one: easy to say, easy to tell apart."""

from __future__ import annotations

import secrets

_ADJECTIVES = (
    "able agile amber ample apt bold brave brief bright brisk calm candid clean clear clever cosmic cozy "
    "crisp curious daring deep deft eager early earnest easy fair fancy fast fine firm fleet fond frank "
    "free fresh gentle glad golden grand happy hardy honest humble ideal keen kind large light lively loud "
    "loyal lucid lucky mellow merry mild modest neat nimble noble novel open patient plain polite proud "
    "quick quiet rapid rare ready rich robust rosy royal sage serene sharp silent simple sleek smart smooth "
    "snappy solid sound spry stable steady still sunny sure swift tall tidy tranquil true upbeat urban "
    "vivid warm wise witty young zesty"
).split()
_ANIMALS = (
    "albatross alpaca badger beaver bison bittern bream carp caribou char chub coot cormorant crane crayfish "
    "curlew dace dipper dolphin dragonfly duck dunlin egret eider elk ermine falcon finch fox frog gannet "
    "goose grayling grebe gull heron hobby ibis jay kestrel kingfisher kite lamprey lark loon lynx mallard "
    "marten merlin minnow moose mussel newt otter owl oyster pelican perch petrel pike pintail plover puffin "
    "quail rail raven redshank roach robin rook salmon sandpiper seal shad shrew smelt snipe sparrow stork "
    "sturgeon swallow swan swift teal tench tern thrush toad trout turtle vole wagtail walrus warbler weasel "
    "whale wigeon wren"
).split()


def new_run_name() -> str:
    """An adjective, an animal of the water's edge and a number below 1000."""
    return f"{secrets.choice(_ADJECTIVES)}-{secrets.choice(_ANIMALS)}-{secrets.randbelow(1000)}"
