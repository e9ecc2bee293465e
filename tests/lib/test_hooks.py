import pytest
from django.apps import apps

from accounts import hooks
from classes import hooks as class_hooks
from malpas.lib.hooks import Hook, HookByKind
from tests.own_code import APPS


def double(number):
    return number * 2


def square(number):
    return number**2


def test_a_hook_calls_its_functions_in_their_order():
    hook = Hook()
    hook.register(square)
    hook.register(double)
    assert hook.call_all(5) == [25, 10]


def test_a_hook_without_functions_returns_nothing():
    assert Hook().call_all(5) == []


def test_a_function_registered_twice_is_called_once():
    hook = Hook()
    hook.register(double)
    hook.register(double)
    assert hook.call_all(5) == [10]


def test_an_unregistered_function_is_not_called():
    hook = Hook()
    hook.register(double)
    hook.unregister(double)
    assert hook.call_all(5) == []
    with pytest.raises(KeyError):
        hook.unregister(double)


def test_an_exception_of_one_function_is_raised():
    def fail(number):
        raise RuntimeError

    hook = Hook()
    hook.register(fail)
    with pytest.raises(RuntimeError):
        hook.call_all(5)


def test_a_kind_has_its_own_function():
    hook = HookByKind()
    hook.register("double", double)
    hook.register("square", square)
    hook.register("square", square)
    assert set(hook.kinds) == {"double", "square"}
    assert hook.call("square", 5) == 25
    with pytest.raises(KeyError):
        hook.call("other", 5)


def test_a_kind_has_no_second_function():
    hook = HookByKind()
    hook.register("number", double)
    with pytest.raises(ValueError, match="number"):
        hook.register("number", square)


def test_every_hook_has_a_function_and_ready_runs_twice():
    for app in APPS:
        apps.get_app_config(app).ready()
    every = {**vars(hooks), **vars(class_hooks)}
    plain = {name: hook for name, hook in every.items() if isinstance(hook, Hook)}
    by_kind = {name: hook for name, hook in every.items() if isinstance(hook, HookByKind)}
    assert len(plain) >= 5 and by_kind
    assert [name for name, hook in plain.items() if not hook._functions] == []
    assert [name for name, hook in by_kind.items() if not hook.kinds] == []
