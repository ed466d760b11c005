"""Signing in and out, and the own password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control

from hrdb.kernel.accounts import change_own_password, log_failed_sign_in, log_sign_in, log_sign_out

ALWAYS_OPEN = frozenset(
    {"kernel:password-change", "kernel:logout", "kernel:login", "kernel:csp-report", "kernel:alive"}
)

#: What a form is asked by; the library's own forms would take a PUT for a POST.
FORM_METHODS: Final = ["get", "head", "post", "options"]


class SignInForm(AuthenticationForm):
    """Name and password of an account."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Chú ý chữ hoa, chữ thường và bộ gõ tiếng Việt.",
        "inactive": "Tài khoản này đã đóng. Liên hệ quản trị hệ thống.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"
        self.fields["username"].widget.attrs["autocomplete"] = "username"


class SignIn(views.LoginView):
    """The first page."""

    http_method_names = FORM_METHODS

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and log it."""
        response = super().form_valid(form)
        log_sign_in(user=form.get_user())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say no, and log it when a name and a password were given."""
        if form.cleaned_data.get("username") and form.cleaned_data.get("password"):
            log_failed_sign_in(username=form.cleaned_data["username"])
        return super().form_invalid(form)


class SignOut(views.LogoutView):
    """Ends the session; by POST only."""

    template_name = "registration/logged_out.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and log it."""
        if request.user.is_authenticated:
            log_sign_out(user=request.user)
        return super().post(request, *args, **kwargs)


class OwnPasswordForm(PasswordChangeForm):
    """The old password, and the new one twice."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": "Mật khẩu hiện tại không đúng.",
        "password_mismatch": "Hai lần gõ mật khẩu mới không giống nhau.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mật khẩu hiện tại"
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields["new_password1"].help_text = "Từ 10 ký tự, không toàn chữ số, không giống tên đăng nhập hay họ tên."
        self.fields["new_password2"].label = "Gõ lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class OwnPassword(views.PasswordChangeView):
    """Change the own password; asked for at first when somebody else has set it."""

    http_method_names = FORM_METHODS

    template_name = "registration/password_change.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it; the account no longer has to change it, and stays signed in only here."""
        try:
            change_own_password(user=form.user, password=form.cleaned_data["new_password1"])
        except ValidationError as error:
            form.add_error("new_password1", error)
            return self.form_invalid(form)
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, "Đã đổi mật khẩu.")
        return HttpResponseRedirect(str(self.success_url))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's title beside the form."""
        return super().get_context_data(**kwargs) | {"title": "Đổi mật khẩu"}


class FirstPasswordMiddleware:
    """Leads an account whose password somebody else has set to the page that changes it, whatever it asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Stop the request before its view when the password must be changed first."""
        if not getattr(request.user, "must_change_password", False):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in ALWAYS_OPEN:
            return None
        return HttpResponseRedirect(reverse("kernel:password-change"))
