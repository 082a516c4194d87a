"""Which files are the project's own."""

import sysconfig

from reload_lsp.watch.environments import forget_folders, in_environment, in_tool_folder


def test_a_virtual_environment_is_known_by_its_marker(tmp_path):
    venv = tmp_path / "my-env"
    (venv / "lib").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text("")
    forget_folders()
    assert in_environment(str(venv / "lib" / "thing.py"))
    assert not in_environment(str(tmp_path / "app.py"))


def test_installed_packages_and_the_standard_library_are_environments():
    assert in_environment("/x/lib/python3.12/site-packages/flask/app.py")
    assert in_environment("/x/node_modules/gyp/a.py")
    assert in_environment(sysconfig.get_paths()["stdlib"] + "/json/decoder.py")


def test_tool_folders():
    assert in_tool_folder("/p/.git/hooks/x.py")
    assert in_tool_folder("/p/__pycache__/x.py")
    assert not in_tool_folder("/p/git/x.py")
