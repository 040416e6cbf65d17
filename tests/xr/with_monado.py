#!/usr/bin/env python3
"""Runs a test program on a Monado of its own, whose head nobody moves, with the layer of faults.h in between:
with_monado.py LAYER_FOLDER WORK_FOLDER PROGRAM [ARGS...]. Exit status: the program's; 3 where Monado does not start."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from monado import Monado, MonadoFailed  # noqa: E402


def main():
    layer, work, *command = sys.argv[1:]
    monado = Monado(work, remote=False)
    try:
        monado.start()
        return subprocess.run(command, env=dict(monado.environment(), XR_API_LAYER_PATH=f"{layer}:/usr/share/openxr/1/api_layers/explicit.d",
                                                XR_ENABLE_API_LAYERS="XR_APILAYER_PROMENADE_faults"), check=False).returncode
    except MonadoFailed as failure:
        print(failure, file=sys.stderr)
        return 3
    finally:
        monado.end()


if __name__ == "__main__":
    sys.exit(main())
