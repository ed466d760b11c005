"""Signing in and out, and the own password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

ALWAYS_OPEN = frozenset({"kernel:password-change", "kernel:logout", "kernel:login", "kernel:csp-report"})


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

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(views.LogoutView):
    """Ends the session; by POST only."""

    template_name = "registration/logged_out.html"


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


class OwnPassword(views.PasswordChangeView):
    """Change the own password; asked for at first when somebody else has set it."""

    template_name = "registration/password_change.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it; the account no longer has to change it."""
        form.user.must_change_password = False
        response = super().form_valid(form)
        messages.success(self.request, "Đã đổi mật khẩu.")
        return response

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
