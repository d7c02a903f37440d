"""Tokens and rights: who calls, and may they."""

import datetime

from versions import DENIED, UNAUTHENTICATED, UNIMPLEMENTED, UNKNOWN, Fail

# role -> what it allows on a repo (r read, w write) or a project (c create a pipeline in it)
ROLES = {
    "repoReader": "r",
    "repoWriter": "rw",
    "repoOwner": "rw",
    "projectWriter": "c",
    "projectOwner": "rwc",
    "clusterAdmin": "rwc",
}
NEEDS = {
    "r": "REPO_READ, REPO_ADD_PIPELINE_READER",
    "w": "REPO_WRITE, REPO_CREATE_BRANCH",
    "c": "PROJECT_CREATE_REPO",
}
# their numbers
PERMISSIONS = {"r": [200, 212], "w": [201, 207], "c": [402, 403]}
OPEN_METHODS = {"GetVersion", "WhoAmI", "InspectCluster", "Health", "Check"}


class Auth:
    """The auth service; `config` is None when it is not activated."""

    def __init__(self, version, config, store):
        self.version, self.store = version, store
        self.active = config is not None
        self.tokens = dict((config or {}).get("tokens", {}))
        self.users = {token: one["user"] for token, one in self.tokens.items()}  # revoked ones too
        self.issued = 0
        self.revoked = []

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
        if not caller.get("admin") and "robotUser" not in _roles(caller, "*"):
            self._refuse(caller, "CLUSTER_AUTH_GET_ROBOT_TOKEN", "CLUSTER")
        self.issued += 1
        token = f"issued{self.issued:026x}"
        subject = "robot:" + name.removeprefix("robot:")
        old = next((one for one in self.tokens.values() if one["user"] == subject), {})
        record = {**old, "user": subject, "expires": None}
        if ttl > 0:
            now = datetime.datetime.now(datetime.timezone.utc)
            record["expires"] = (now + datetime.timedelta(seconds=ttl)).isoformat()
        self.tokens[token], self.users[token] = record, subject
        return token

    def revoke(self, token):
        """How many tokens went."""
        record = self.tokens.pop(token, None)
        if record:
            self.revoked.append(record["user"])
        return int(bool(record))

    def authorizer(self, caller, state):
        """The check that Store.create_pipeline asks."""

        def check(operation, key, sources):
            if not self.active or caller.get("admin"):
                return
            for source in sources:
                self._need(caller, state, "r", source)
            if operation == "update":
                self._need(caller, state, "w", key)
            elif self.version.has_projects:
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
        return held + state.roles.get(caller["user"], {}).get(show, [])

    def _rights(self, caller, state, key):
        if caller.get("admin"):
            return "rwc"
        return "".join(ROLES.get(role, "") for role in self._held(caller, state, key))

    def tell(self, caller, state, key, auth_info):
        """Fills in what the caller may do with the repo; without auth it stays unset."""
        if not self.active:
            return
        auth_info.SetInParent()
        rights = self._rights(caller, state, key)
        if self.version.line == 1:
            auth_info.access_level = 3 if caller.get("admin") else 2 if "w" in rights else \
                1 if "r" in rights else 0
            return
        for right in "rw":
            if right in rights:
                auth_info.permissions.extend(PERMISSIONS[right])

    def permissions_on_project(self, caller, state, project):
        return PERMISSIONS["c"] if "c" in self._rights(caller, state, (project, "")) else []

    def may_inspect_secret(self, caller, name):
        if self.active and not caller.get("admin") and self.version.line == 2:
            if not {"secretAdmin", "clusterAdmin"} & set(_roles(caller, "*")):
                self._refuse(caller, "SECRET_INSPECT", f"CLUSTER for {name}")

    def may_create_repo(self, caller, state, key):
        if self.active and not caller.get("admin") and self.version.has_projects:
            self._need(caller, state, "c", key)

    def _need(self, caller, state, right, key):
        if right not in self._rights(caller, state, key):
            thing = f"PROJECT {key[0]}" if right == "c" else f"REPO {self.store.show(key)}"
            self._refuse(caller, NEEDS[right], thing)

    def _refuse(self, caller, permissions, thing):
        raise Fail(
            DENIED if self.version.since("2.7.0") else UNKNOWN,
            f"{caller['user']} is not authorized to perform this operation - needs permissions"
            f" [{permissions}] on {thing}",
        )


def expiry(record):
    moment = datetime.datetime.fromisoformat(record["expires"].replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)


def _roles(caller, name):
    return caller.get("roles", {}).get(name, [])
