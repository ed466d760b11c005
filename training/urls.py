"""Addresses of training (đào tạo, bồi dưỡng), by subject."""

from training import class_urls, cohort_urls, need_urls, plan_urls, programme_urls

app_name = "training"

urlpatterns = [
    *need_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *class_urls.urlpatterns,
    *cohort_urls.urlpatterns,
    *programme_urls.urlpatterns,
]
