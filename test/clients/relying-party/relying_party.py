"""A web application that knows its people from elsewhere, as its developers would write it with Authlib and Flask: one page
for whoever signed in, which checks the id token with Authlib's own cryptography. It is told its provider, client id and secret
by its environment, and prints its own address."""

import os
import secrets

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, jsonify, redirect, session, url_for
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = secrets.token_hex()

provider = OAuth(app).register(
    "provider",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.get("/profile")
def profile():
    if "person" not in session:
        return provider.authorize_redirect(url_for("callback", _external=True))
    return jsonify(session["person"])


@app.get("/callback")
def callback():
    token = provider.authorize_access_token()
    session["person"] = {"idTokenClaims": token["userinfo"], "userInfo": provider.userinfo(token=token)}
    return redirect(url_for("profile"))


@app.errorhandler(OAuthError)
def refused(error):
    return jsonify(error=error.error), 400


server = make_server("127.0.0.1", 0, app)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
