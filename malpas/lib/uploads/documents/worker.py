"""Check one document in a process of its own.

`python -m malpas.lib.uploads.documents.worker SECONDS BYTES < document`. As
`malpas.lib.uploads.photos.worker`, and under the same limits. Answers on stdout with one line of JSON.
"""

import json
import sys

from malpas.lib.uploads.photos.worker import limit


def main() -> None:
    limit()
    from malpas.lib.uploads.documents import (  # after the limits, so that the reader is bound by them
        checks,
        pdf,
    )

    max_bytes = int(sys.argv[2])
    data = sys.stdin.buffer.read(max_bytes + 1)
    try:
        checks.check(data, max_bytes=max_bytes)
        print(json.dumps({"pages": pdf.count_pages(data)}))
    except checks.Unfit as unfit:
        print(json.dumps({"fault": unfit.fault}))


if __name__ == "__main__":
    main()
