"""Tokens and rights: who calls, and may they."""

import datetime
import secrets

from versions import DENIED, UNAUTHENTICATED, UNIMPLEMENTED, UNKNOWN, Fail

# role -> what it allows on a repo (r read, w write, x delete) or a project (c create a pipeline in it, d delete it)
ROLES = {
    "repoReader": "r",
    "repoWriter": "rw",
    "repoOwner": "rwx",
    "projectWriter": "c",
    "projectOwner": "rwcdx",
    "clusterAdmin": "rwcdx",
}
NEEDS = {
    "r": "REPO_READ, REPO_ADD_PIPELINE_READER",
    "w": "REPO_WRITE, REPO_CREATE_BRANCH",
    "c": "PROJECT_CREATE_REPO",
    "d": "PROJECT_DELETE, PROJECT_MODIFY_BINDINGS",
    "x": "REPO_DELETE",
}
# their numbers
PERMISSIONS = {"r": [200, 212], "w": [201, 207], "x": [203], "c": [402, 403], "d": [401]}
OPEN_METHODS = {"GetVersion", "WhoAmI", "Authenticate", "InspectCluster", "Health", "Check"}


class Auth:
    """The auth service; `config` is None when it is not activated."""

    def __init__(self, version, config, store):
        self.version, self.store = version, store
        self.active = config is not None
        self.tokens = dict((config or {}).get("tokens", {}))
        for record in self.tokens.values():
            if "expires_in_s" in record:
                record["expires"] = _from_now(record["expires_in_s"])
        self.users = {token: one["user"] for token, one in self.tokens.items()}  # revoked ones too
        self.planned = list((config or {}).get("issue", []))  # the tokens to hand out
        self.id_tokens = (config or {}).get("id_tokens", {})
        self.users.update({token: f"id of {email}" for token, email in self.id_tokens.items()})
        self.issued = 0
        self.revoked = []
        self.bound = {}  # {user: {repo or project: roles}} that were given by calls

    def user(self, metadata):
        """The caller's record, {} without auth; raises when there is none."""
        if not self.active:
            return {}
        given = metadata.get("authn-token", [])
        if len(given) > 1:
            raise Fail(UNKNOWN, "multiple authentication token keys found in context")
        if not given:
            raise Fail(UNAUTHENTICATED, "no authentication token (try logging in)")
        record = self.tokens.get(given[0])
        if not record or record.get("expired") or self._seconds_left(record) == 0:
            raise Fail(UNAUTHENTICATED, "provided auth token is corrupted or has expired (try"
                                        " logging in again)")
        return record

    def mask(self, token):
        """What may be written down in place of a token."""
        return f"<token:{self.users.get(token, '?')}>"

    def without_tokens(self, value):
        """The same request with every token in it masked."""
        if isinstance(value, dict):
            return {key: self.without_tokens(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.without_tokens(one) for one in value]
        return self.mask(value) if isinstance(value, str) and value in self.users else value

    def _seconds_left(self, record):
        """None: for ever."""
        if not record.get("expires"):
            return None
        now = datetime.datetime.now(datetime.timezone.utc)
        return max(0, int((expiry(record) - now).total_seconds()))

    def who_am_i(self, metadata):
        """(name, seconds left or None, record)"""
        if not self.active:
            raise Fail(UNIMPLEMENTED, "the auth service is not activated")
        record = self.user(metadata)
        return record["user"], self._seconds_left(record), record

    def issue(self, caller, name, ttl):
        """A new token for a robot: asks for the right to hand one out."""
        one = self.version.line == 1
        subject = name if one else "robot:" + name.removeprefix("robot:")
        if one and not caller.get("admin") and subject != caller["user"]:
            raise Fail(UNKNOWN, f"{caller['user']} is not authorized to perform this operation; must be an"
                                f" admin to call GetAuthToken on behalf of {subject}")
        if not one and not caller.get("admin") and "robotUser" not in _roles(caller, "*"):
            self._refuse(caller, "CLUSTER_AUTH_GET_ROBOT_TOKEN", "CLUSTER")
        if not one and ":" in subject.removeprefix("robot:"):
            raise Fail(UNKNOWN, "robot names cannot contain colons (':')")
        record = next((one for one in self.tokens.values() if one["user"] == subject), {})
        return self._hand_out({**record, "user": subject}, self._granted(caller, ttl))

    def _granted(self, caller, ttl):
        """Seconds that a token lives that is asked for with `ttl`; None: for ever."""
        if self.version.line == 2:
            return ttl if ttl > 0 else None
        month = 30 * 24 * 3600
        if ttl < 0 and caller.get("admin"):
            return None
        if ttl == 0 or (ttl > month and self.version.since("1.10.0")):
            ttl = month
        left = self._seconds_left(caller)
        return ttl if caller.get("admin") or left is None else min(ttl, left)

    def _hand_out(self, record, seconds):
        """Random, so that none can stand in a file; `issue` in the configuration makes it known."""
        self.issued += 1
        plan = self.planned.pop(0) if self.planned else secrets.token_hex(16)
        record["expires"] = None if seconds is None else _from_now(seconds)
        self.tokens[plan], self.users[plan] = record, record["user"]
        return plan

    def exchange(self, id_token):
        """A token for whom an ID token is about; `id_tokens` in the configuration are from its issuer."""
        user = self.id_tokens.get(id_token)
        if not user:
            raise Fail(UNKNOWN, "could not verify token: oidc: id token issued by a different provider,"
                                ' expected "http://pachd:1658" got "https://token.actions.example"')
        return self._hand_out({"user": f"user:{user}"}, 30 * 24 * 3600)

    def revoke_own(self, caller, token):
        """1.x: one's own tokens, or any by an administrator."""
        record = self.tokens.get(token)
        if record and record["user"] != caller["user"] and not caller.get("admin"):
            raise Fail(UNKNOWN, f"{caller['user']} is not authorized to perform this operation; must be an"
                                " admin to call RevokeAuthToken on another user's token")
        self.revoke(token)

    def revoke(self, token):
        """How many tokens went."""
        record = self.tokens.pop(token, None)
        if record:
            self.revoked.append(record["user"])
        return int(bool(record))

    def authorizer(self, caller, state):
        """The check that Store.create_pipeline asks."""

        def check(operation, key, sources, makes_repos=False):
            if not self.active or caller.get("admin"):
                return
            for source in sources:
                self._need(caller, state, "r", source)
            if operation == "update":
                self._need(caller, state, "w", key)
            if self.version.since("2.6.0") and makes_repos:
                self._need(caller, state, "c", key)
            state.roles.setdefault(caller["user"], {}).setdefault(self.store.show(key), [])
            if operation == "create":
                state.roles[caller["user"]][self.store.show(key)].append("repoOwner")

        return check

    def _held(self, caller, state, key):
        """All roles that count for the repo, or for the project's when the name is empty."""
        show = self.store.show(key)
        names = [key[1], show, "*", f"project:{key[0]}"]
        held = [role for name in names for role in _roles(caller, name)]
        bound = self.bound.get(caller["user"], {})
        held += [role for name in {key[1], show, f"project:{key[0]}"} for role in bound.get(name, [])]
        return held + state.roles.get(caller["user"], {}).get(show, [])

    def _rights(self, caller, state, key):
        if caller.get("admin"):
            return "rwcdx"
        return "".join(ROLES.get(role, "") for role in self._held(caller, state, key))

    def tell(self, caller, state, key, auth_info):
        """Fills in what the caller may do with the repo; without auth it stays unset."""
        if not self.active:
            return
        auth_info.SetInParent()
        rights = self._rights(caller, state, key)
        if self.version.line == 1:
            auth_info.access_level = 3 if "x" in rights else 2 if "w" in rights else 1 if "r" in rights else 0
            return
        for right in "rwx":
            if right in rights:
                auth_info.permissions.extend(PERMISSIONS[right])

    def permissions_on_project(self, caller, state, project):
        rights = self._rights(caller, state, (project, ""))
        return [one for right in "cd" if right in rights for one in PERMISSIONS[right]]

    def creates_projects(self, caller):
        """Everybody may, as long as nobody has taken projectCreator from all users (allClusterUsers of
        src/server/auth/server/api_server.go:539 of 2.11.6); "project_creators" in the configuration says who is left."""
        creators = (self.store.config.get("auth") or {}).get("project_creators")
        return creators is None or bool(caller.get("admin")) or caller.get("user") in creators

    def may_create_project(self, caller, name):
        """CreateProject asks for PROJECT_CREATE on the cluster (interceptor.go:162 of src/internal/middleware/auth),
        and makes the caller the project's owner (driver.go:545)."""
        if not self.active:
            return
        if not self.creates_projects(caller):
            self._refuse(caller, "PROJECT_CREATE", "CLUSTER ")
        self.bound.setdefault(caller["user"], {})[f"project:{name}"] = ["projectOwner"]

    def may_delete_project(self, caller, state, name):
        """driver.go:761: PROJECT_DELETE and PROJECT_MODIFY_BINDINGS."""
        if self.active and not caller.get("admin"):
            self._need(caller, state, "d", (name, ""))

    def may_inspect_secret(self, caller, name):
        if self.active and not caller.get("admin") and self.version.line == 2:
            if not {"secretAdmin", "clusterAdmin"} & set(_roles(caller, "*")):
                self._refuse(caller, "SECRET_INSPECT", f"CLUSTER for {name}")

    def may_create_repo(self, caller, state, key):
        if self.active and not caller.get("admin") and self.version.since("2.6.0"):
            self._need(caller, state, "c", key)

    def need(self, caller, state, right, key):
        """Refuses who lacks the right on the repo."""
        if not caller.get("admin"):
            self._need(caller, state, right, key)

    def _need(self, caller, state, right, key):
        if right not in self._rights(caller, state, key):
            thing = f"PROJECT {key[0]}" if right in "cd" else f"REPO {self.store.show(key)}"
            self._refuse(caller, NEEDS[right], thing)

    def _refuse(self, caller, permissions, thing):
        raise Fail(
            DENIED if self.version.since("2.7.0") else UNKNOWN,
            f"{caller['user']} is not authorized to perform this operation - needs permissions"
            f" [{permissions}] on {thing}",
        )


def _from_now(seconds):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(seconds=seconds)).isoformat()


def expiry(record):
    moment = datetime.datetime.fromisoformat(record["expires"].replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)


def _roles(caller, name):
    return caller.get("roles", {}).get(name, [])
