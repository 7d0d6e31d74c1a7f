"""What a pickle may name and call: the rules by which a scan judges, apart from how it reads.

The standard library is judged by what is allowed, everything else by what is not: a model's own library has
thousands of harmless classes, while the standard library has few that belong in a pickle and many that run
commands. What the rules refuse is refused whoever asks. What they let pass is not thereby safe: a class of
any library may do anything when it is made, which is why pickles are loaded only where that is asked for.

Source: the machine that a pickle is a program for, Python's `pickletools`; ways around lists of forbidden
names, "Models Are Codes" (Zhao et al., ASE 2024) and the advisories of picklescan and fickling.
"""

from __future__ import annotations

import builtins
import sys
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING

ALL = frozenset({"*"})
CLOUDPICKLE = frozenset({"cloudpickle", "cloudpickle.cloudpickle", "cloudpickle.cloudpickle_fast"})

_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
# Names of the standard library that belong in pickles. Whatever is not here is refused.
_ALLOWED: dict[str, frozenset[str]] = {
    "builtins": _EXCEPTIONS
    | frozenset(
        """
        object type list dict tuple set frozenset str bytes bytearray int float complex bool slice range
        property staticmethod classmethod super reversed enumerate zip map filter iter NotImplemented Ellipsis
        abs all any bin callable chr divmod format hash hex isinstance issubclass len max min next oct ord
        pow repr round sorted sum getattr
        """.split()
    ),
    "copyreg": frozenset({"_reconstructor", "__newobj__", "__newobj_ex__"}),
    "_codecs": frozenset({"encode"}),
    "codecs": frozenset({"encode"}),
    "collections": ALL,
    "collections.abc": ALL,
    "datetime": ALL,
    "decimal": frozenset({"Decimal", "Context"}),
    "fractions": frozenset({"Fraction"}),
    "functools": frozenset({"partial", "reduce", "lru_cache", "cached_property"}),
    "operator": frozenset(
        """
        itemgetter attrgetter methodcaller add sub mul truediv floordiv mod pow matmul neg pos invert abs and_
        or_ xor eq ne lt le gt ge not_ truth is_ is_not contains concat countOf indexOf getitem lshift rshift
        """.split()
    ),
    "_operator": frozenset({"itemgetter", "attrgetter", "methodcaller"}),
    "itertools": ALL,
    "math": ALL,
    "cmath": ALL,
    "array": frozenset({"array", "_array_reconstructor"}),
    "uuid": frozenset({"UUID", "SafeUUID"}),
    "re": frozenset({"_compile", "Pattern", "RegexFlag"}),
    "enum": ALL,
    "types": frozenset({"SimpleNamespace", "MappingProxyType", "GenericAlias", "NoneType", "EllipsisType"}),
    "typing": ALL,
    "abc": frozenset({"ABC", "ABCMeta"}),
    "_abc": frozenset({"ABC", "ABCMeta"}),
    "numbers": ALL,
    "pathlib": frozenset(
        {"Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath"}
    ),
    "pathlib._local": frozenset({"Path", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"}),
    "random": frozenset({"Random"}),
    "string": frozenset({"Template", "Formatter"}),
    "zoneinfo": frozenset({"ZoneInfo"}),
    "zoneinfo._zoneinfo": frozenset({"ZoneInfo"}),
    "ipaddress": ALL,
    "time": frozenset({"struct_time"}),
    "statistics": ALL,
    "dataclasses": frozenset({"_MISSING_TYPE", "_HAS_DEFAULT_FACTORY_CLASS"}),
    "threading": frozenset({"Lock", "RLock"}),
    "_thread": frozenset({"RLock", "allocate_lock"}),
    "weakref": frozenset({"WeakKeyDictionary", "WeakValueDictionary", "WeakSet"}),
    "_weakrefset": frozenset({"WeakSet"}),
    "logging": frozenset({"getLogger"}),
    "copy": frozenset({"copy", "deepcopy"}),
}
# Packages that install, fetch, or run things, and are no part of a model.
_REFUSED_PACKAGES = frozenset(
    """
    pip setuptools pkg_resources distutils virtualenv uv wheel conda poetry hatchling IPython ipykernel
    jupyter notebook requests urllib3 httpx httpx2 aiohttp websocket websockets paramiko fabric invoke docker
    kubernetes boto3 botocore pexpect ptyprocess plumbum sh psutil pytest _pytest nose flask django starlette
    uvicorn gunicorn celery twisted tornado ansible selenium playwright win32api win32com pywin32 cffi dill
    pathos execnet
    """.split()
)
# Parts of a module's name that stand for what tests, compiles or starts processes.
_REFUSED_PARTS = frozenset(
    """
    testing _testing tests test conftest f2py cpp_extension distutils ctypeslib weave subprocess runpy hub
    pycparser numexpr computation _inductor torchrun console shell
    """.split()
)
# Modules that must not be reached through another one, as in ("logging", "os.system").
_REFUSED_MODULES = frozenset(
    """
    os posix nt sys subprocess builtins importlib imp runpy shutil socket ctypes pty multiprocessing pickle
    _pickle cPickle marshal shelve types code codeop inspect io tempfile glob webbrowser http urllib ftplib
    smtplib pdb bdb timeit trace cProfile profile gc signal site zipimport pkgutil asyncio threading _thread
    platform sysconfig ensurepip venv pydoc doctest unittest linecache fileinput commands popen2 cgitb idlelib
    lib2to3 dis
    """.split()
)
REFUSED_NAMES = frozenset(
    """
    eval exec execfile compile __import__ import_module open fdopen popen popen2 popen3 popen4 Popen system
    startfile call check_call check_output getoutput getstatusoutput run run_code run_module run_path runcode
    runctx runeval runcall runsource runstring run_string spawn spawnl spawnv fork forkpty execl execle execlp
    execv execve execvp execvpe posix_spawn globals locals vars setattr delattr breakpoint input exit quit
    kill remove unlink rmdir removedirs rmtree rename replace chmod chown makedirs mkdir symlink link urlopen
    urlretrieve read_pickle read_csv read_json to_pickle unpickle Unpickler InteractiveInterpreter
    InteractiveConsole PyRun_String get_module subprocess_run shell sh bash cmd_exec evaluate literal_exec
    safe_eval attrsetter CDLL dlopen create_module exec_module load_module reload gethostbyname
    create_connection
    """.split()
)
# Third parties' functions by which more pickles would be read.
_LOADERS = ("load", "_load", "unpickle", "read_object", "restore_")

# What numpy's own arrays, scalars, types and generators are made by; nothing else of numpy is called.
_NUMPY_MAKERS = frozenset(
    """
    _reconstruct scalar _frombuffer _ufunc_reconstruct ndarray dtype _mareconstruct _mrreconstruct matrix
    recarray record memmap float16 float32 float64 longdouble int8 int16 int32 int64 uint8 uint16 uint32
    uint64 bool_ bool str_ bytes_ datetime64 timedelta64 complex64 complex128 void poly1d Polynomial Chebyshev
    _NoValueType __generator_ctor __bit_generator_ctor __randomstate_ctor SeedSequence
    __pyx_unpickle_SeedSequence _convert_to_stringdtype_kwargs _DType_reconstruct errstate vectorize
    """.split()
)
# Classes of code, and of type hints, that cloudpickle names by `_builtin_type`; calling them runs none.
_CODE_TYPES = frozenset(
    {"CodeType", "FunctionType", "CellType", "GenericAlias", "MappingProxyType", "ModuleType", "MethodType"}
)
_NEVER_CALLED = frozenset({("builtins", "type"), ("builtins", "property"), ("builtins", "super")})
_MAX_SIZE = 2**31
_SIZED = frozenset({"bytes", "bytearray", "range", "list", "tuple", "set", "frozenset", "pow"})


def reason_against(module: str, name: str) -> str:
    """Why a pickle that names this must not be loaded; "" if nothing is against it."""
    module, name = _of_today(module, name)
    shown = f"{module}.{name}"
    parts = module.split(".")
    attributes = name.split(".")
    if module == "copyreg" and name in _ALLOWED["copyreg"]:
        return ""
    if any(_is_dunder(part) for part in (*parts[1:], *attributes)):
        return f"{shown} reaches into Python's own machinery"
    if len(attributes) > 1 and not attributes[0][:1].isupper():
        return f"{shown} reaches through a module for something else"
    if attributes[-1] in _REFUSED_MODULES or attributes[-1] in REFUSED_NAMES - _allowed_names(module):
        return f"{shown} can run commands or read files"
    if parts[0] in sys.stdlib_module_names:
        allowed = _allowed_names(module)
        if allowed is ALL or attributes[0] in allowed:
            return ""
        return f"{shown} of the standard library has no place in a model"
    if parts[0] in _REFUSED_PACKAGES:
        return f"{shown}: {parts[0]} has no place in a model"
    if not _REFUSED_PARTS.isdisjoint(parts[1:]):
        return f"{shown} is made for tests or to start programs"
    if attributes[-1].startswith(_LOADERS):
        return f"{shown} would load more than is here"
    return ""


def reason_against_call(module: str, name: str, arguments: tuple[object, ...]) -> str:
    """Why a pickle that calls this, which it may name, must not be loaded; "" if nothing is against it."""
    module, name = _of_today(module, name)
    if (module, name) in _NEVER_CALLED:
        return f"{module}.{name} is called to make a class"
    if module.split(".")[0] == "numpy" and name not in _NUMPY_MAKERS:
        return f"{module}.{name} is called, which no array needs"
    if module == "builtins" and name in _SIZED and any(_is_huge(argument) for argument in arguments):
        return f"{name}({arguments[0]!r:.30}) would fill the memory"
    if module == "builtins" and name == "getattr":
        asked = arguments[1] if len(arguments) > 1 else None
        if not isinstance(asked, str) or asked.startswith("_") or asked in REFUSED_NAMES | _REFUSED_MODULES:
            return f"getattr(…, {asked!r}) reaches into something"
    return ""


def is_code_type(maker: tuple[str, str], arguments: tuple[object, ...]) -> bool:
    """Whether a call is cloudpickle's way to name a type of code."""
    asked = arguments[0] if arguments else None
    return (
        maker[0] in CLOUDPICKLE
        and maker[1] == "_builtin_type"
        and isinstance(asked, str)
        and asked in _CODE_TYPES
    )


def is_class_of_code(module: str) -> bool:
    """Whether what a function of this module makes may be a class that came as code with the pickle."""
    return module in CLOUDPICKLE


def _allowed_names(module: str) -> frozenset[str]:
    return _ALLOWED.get(module, frozenset())


def _of_today(module: str, name: str) -> tuple[str, str]:
    """Python 2's names, which old protocols are read with, as those of Python 3."""
    if (module, name) in NAME_MAPPING:
        found: tuple[str, str] = NAME_MAPPING[module, name]
        return found
    return IMPORT_MAPPING.get(module, module), name


def _is_dunder(part: str) -> bool:
    return part.startswith("__") and part.endswith("__") and len(part) > 4


def _is_huge(argument: object) -> bool:
    return isinstance(argument, int) and abs(argument) > _MAX_SIZE
