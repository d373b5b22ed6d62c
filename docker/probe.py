"""Ask the web process of this container whether it can work; status 0 if it can."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=8)
try:
    connection.request("GET", "/readyz", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
    answer = connection.getresponse()
    print(answer.read().decode())
    sys.exit(answer.status != 200)
except (HTTPException, OSError) as problem:
    sys.exit(str(problem))
