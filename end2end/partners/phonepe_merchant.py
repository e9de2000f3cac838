"""A merchant's program with PhonePe's library for Python.

Nothing of the library is changed but the addresses that it calls. Says on standard output, as JSON, what
the library made of the answers.

    python phonepe_merchant.py BASE CLIENT_ID CLIENT_SECRET
"""

import json
import sys

from phonepe.sdk.pg import env as addresses

base, client_id, client_secret = sys.argv[1:]
addresses.SANDBOX_PG_BASE_URL = f"{base}/apis/pg-sandbox"
addresses.SANDBOX_OAUTH_BASE_URL = f"{base}/apis/pg-sandbox"
addresses.SANDBOX_EVENT_INGESTION_BASE_URL = base

from phonepe.sdk.pg.common.exceptions import PhonePeException
from phonepe.sdk.pg.env import Env
from phonepe.sdk.pg.payments.v2.standard_checkout_client import StandardCheckoutClient

told = {"calls": []}
try:
    client = StandardCheckoutClient.get_instance(
        client_id=client_id,
        client_secret=client_secret,
        client_version=1,
        env=Env.SANDBOX,
        should_publish_events=False,
    )
    for order in ("ORD1", "ORD2"):
        try:
            client.get_order_status(merchant_order_id=order)
            told["calls"].append({"status": 200})
        except PhonePeException as error:
            told["calls"].append(
                {"type": type(error).__name__, "status": error.http_status_code, "code": error.code}
            )
except PhonePeException as error:
    told["refused"] = {"type": type(error).__name__, "status": error.http_status_code, "code": error.code, "data": error.data}
print(json.dumps(told))
