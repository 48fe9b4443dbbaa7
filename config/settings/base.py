"""Settings that hold everywhere; `local`, `test` and `production` say what differs."""

import os
from datetime import timedelta

# One thread per process in BLAS and OpenMP: a worker shares its cores with the others, and
# scikit-learn with default threads was measured 100 times slower on busy cores.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from csp.constants import NONE, SELF  # noqa: E402
from django.utils.translation import gettext_lazy as _  # noqa: E402

from config.settings import environment  # noqa: E402

BASE_DIR = environment.BASE_DIR
DATA_DIR = environment.read_folder("PLENARY_DATA_DIR")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "django_htmx",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "apps.core",
    "apps.audit",
    "apps.jobs",
    "apps.accounts",
    "apps.notifications",
    "apps.consultations",
    "apps.submissions",
    "apps.hearings",
    "apps.moderation",
    "apps.briefings",
    "apps.responses",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.StaffEntrance",
    "apps.accounts.middleware.SentInVain",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.appearance",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    },
]
FORM_RENDERER = "apps.core.forms.PlenaryRenderer"

DATABASES = {"default": environment.database(DATA_DIR)}
IS_EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"

# --- people ---------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Without a password one logs in with a code by e-mail, or with a passkey.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "apps.accounts.forms.SignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60  # seconds; mail takes its time
# A code that did not arrive can be sent anew, twice: without this the pages lack the button.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Plenary: "
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds; mail takes its time
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "Plenary"
STAFF_PATHS = ("/workspace/", "/operations/")
SECOND_FACTOR_FOR_STAFF = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "consultations:list"
LOGOUT_REDIRECT_URL = "consultations:list"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.accounts.views.sending.key_refused"
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]  # also how our account library speaks, in our words
TIME_ZONE = "UTC"
USE_TZ = True

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns at every start where it is missing
MEDIA_ROOT = DATA_DIR / "media"
BRIEFINGS_ROOT = DATA_DIR / "briefings"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["apps.core.files.BoundedUpload"]
FILE_UPLOAD_MOST_BYTES = 20 * 1024 * 1024
FILE_UPLOAD_MOST_BYTES_TOGETHER = 10 * FILE_UPLOAD_MOST_BYTES + 1024 * 1024

# --- security -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "apps.core.problems.problem_response",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plenary",
    "DESCRIPTION": "Consultations, submissions, points, claims and briefings, each traceable.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.openapi.declare_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "StakeholderGroupId": "apps.accounts.groups.StakeholderGroup",
        "Stance": "apps.submissions.models.Stance",
        "QuestionKind": "apps.consultations.models.Question.Kind",
        "PhaseKind": "apps.consultations.models.Phase.Kind",
        "ConsultationKind": "apps.consultations.models.Consultation.Kind",
        "SubmissionState": "apps.submissions.models.Submission.State",
        "Identity": "apps.consultations.models.Identity",
        "Visibility": "apps.submissions.models.Visibility",
        "KeptBackReason": "apps.submissions.models.KeptBack",
        "ReplyKind": "apps.submissions.models.Reply.Kind",
        "JointPartyState": "apps.submissions.models.JointParty.State",
        "FollowedKind": "apps.notifications.models.Kind",
        "MailFrequency": "apps.notifications.models.Frequency",
        "OrganisationState": "apps.accounts.models.Organisation.State",
        "VerificationState": "apps.accounts.models.Verification.State",
        "OfficialDecision": "apps.responses.models.OfficialResponse.Decision",
        "ImportState": "apps.submissions.models.ImportUpload.State",
        "ImportKind": "apps.submissions.models.ImportUpload.Kind",
        "SubmissionSource": "apps.submissions.models.Submission.Source",
        "MilestoneState": "apps.responses.models.Milestone.State",
        "LedgerKind": "apps.responses.ledger.KIND_CHOICES",
        "HearingState": "apps.hearings.models.Hearing.State",
        "SpeakerState": "apps.hearings.models.Speaker.State",
        "StatementState": "apps.hearings.models.Statement.State",
        "StatementAnswer": "apps.hearings.services.confirming.Act",
        "BriefingState": "apps.briefings.models.Briefing.State",
        "HostStaffRole": "apps.consultations.models.HostRole.Role",
        "MembershipRole": "apps.accounts.models.Membership.Role",
        "ModerationRule": "apps.moderation.models.Rule",
        "ModerationAction": "apps.moderation.models.Decision.Action",
        "ModeratedKind": "apps.moderation.logged.KIND_CHOICES",
        "ModerationState": "apps.moderation.models.Case.State",
        "AppealOutcome": "apps.moderation.models.Appeal.Outcome",
        "LoggedAppeal": "apps.moderation.logged.APPEAL_CHOICES",
    },
}
KNOX_TOKEN_MODEL = "accounts.AccessToken"  # noqa: S105 - the name of a model
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "AUTO_REFRESH": False}

# --- jobs -----------------------------------------------------------------------------------
JOB_LEASE_SECONDS = environment.read_integer("PLENARY_JOB_LEASE_SECONDS", least=1)
JOB_BACKOFF_SECONDS = environment.read_integers("PLENARY_JOB_BACKOFF_SECONDS")
CELERY_BROKER_URL = environment.read("CELERY_BROKER_URL") or "filesystem://"
_IS_QUEUE_A_FOLDER = CELERY_BROKER_URL == "filesystem://"
JOB_OFFER_SECONDS = 10
JOB_MOST_OFFERED = 200 if _IS_QUEUE_A_FOLDER else 1_000
CELERY_BROKER_TRANSPORT_OPTIONS = environment.broker_options(CELERY_BROKER_URL, DATA_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 3_600
CELERY_TASK_SOFT_TIME_LIMIT = 3_540
# A folder is read ten times a second: one message at a time would be twenty jobs a second.
CELERY_WORKER_PREFETCH_MULTIPLIER = 8 if _IS_QUEUE_A_FOLDER else 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = not _IS_QUEUE_A_FOLDER
_SWEEP_SECONDS = 1.0 if _IS_QUEUE_A_FOLDER else 5.0
_PURGE_SECONDS = 3_600.0
_SWEEP_FILES_SECONDS = 24 * 3_600.0
_ROUND_SECONDS = 300.0
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "jobs.sweep",
        "schedule": _SWEEP_SECONDS,
        # A sweep that waited longer than its turn is one of many that say the same.
        "options": {"expires": 2 * _SWEEP_SECONDS},
    },
    "sweep files": {
        "task": "submissions.sweep_files",
        "schedule": _SWEEP_FILES_SECONDS,
        "options": {"expires": _SWEEP_FILES_SECONDS},
    },
    "sweep printed minutes": {
        "task": "hearings.sweep_prints",
        "schedule": _PURGE_SECONDS,
        "options": {"expires": _PURGE_SECONDS},
    },
    "forget unanswered signatures": {
        "task": "submissions.forget_unanswered",
        "schedule": _PURGE_SECONDS,
        "options": {"expires": _PURGE_SECONDS},
    },
    "check domains again": {
        "task": "accounts.check_domains_again",
        "schedule": _SWEEP_FILES_SECONDS,
        "options": {"expires": _SWEEP_FILES_SECONDS},
    },
    "forget addresses of those invited": {
        "task": "consultations.forget_addresses",
        "schedule": _SWEEP_FILES_SECONDS,
        "options": {"expires": _SWEEP_FILES_SECONDS},
    },
    "remind of checks that end": {
        "task": "accounts.remind_of_checks",
        "schedule": _SWEEP_FILES_SECONDS,
        "options": {"expires": _SWEEP_FILES_SECONDS},
    },
    "forget guests": {
        "task": "accounts.forget_guests",
        "schedule": _PURGE_SECONDS,
        "options": {"expires": _PURGE_SECONDS},
    },
    "look for copies where comments closed": {
        "task": "responses.find_copies",
        "schedule": _ROUND_SECONDS,
        "options": {"expires": _ROUND_SECONDS},
    },
    "begin rounds of mail": {
        "task": "notifications.begin_rounds",
        "schedule": _ROUND_SECONDS,
        "options": {"expires": _ROUND_SECONDS},
    },
    "forget news": {
        "task": "notifications.forget_news",
        "schedule": _PURGE_SECONDS,
        "options": {"expires": _PURGE_SECONDS},
    },
    "purge replies": {
        "task": "core.purge_replies",
        "schedule": _PURGE_SECONDS,
        "options": {"expires": _PURGE_SECONDS},
    },
}

# --- mail and logs --------------------------------------------------------------------------
PLENARY_URL = environment.read_address("PLENARY_URL")
DEFAULT_FROM_EMAIL = environment.read("PLENARY_FROM_EMAIL")
INVITED_ADDRESS_DAYS = environment.read_integer("PLENARY_INVITED_ADDRESS_DAYS", least=1)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.read("PLENARY_LOG_LEVEL")},
}
