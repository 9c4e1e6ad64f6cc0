"""Addresses of the console, below /console/."""

from __future__ import annotations

from django.urls import path

from bocage.console.views import (
    code_lists,
    conformity,
    datasets,
    home,
    mapping,
    members,
    portals,
    publishing,
    quality,
    quarantine,
    runs,
    schema_actions,
    schema_drafts,
    schemas,
    sources,
    versions,
)

app_name = "console"

SCHEMA = "schemas/<str:owner>/<str:slug>/"
VERSION = f"{SCHEMA}<str:number>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("publish/", publishing.drop, name="publish"),
    path("publish/<str:uid>/", publishing.draft, name="draft"),
    path("publish/<str:uid>/mapping/", mapping.mapping, name="draft_mapping"),
    path("publish/<str:uid>/mapping/preview/", mapping.preview, name="draft_mapping_preview"),
    path("publish/<str:uid>/details/", publishing.details, name="draft_details"),
    path("publish/<str:uid>/discard/", publishing.discard, name="draft_discard"),
    path("datasets/<str:slug>/", datasets.metadata, name="dataset"),
    path("datasets/<str:slug>/fields/", datasets.fields, name="dataset_fields"),
    path("datasets/<str:slug>/versions/", versions.versions, name="dataset_versions"),
    path("datasets/<str:slug>/versions/<int:number>/restore/", versions.restore, name="dataset_restore"),
    path("datasets/<str:slug>/source/", sources.source, name="dataset_source"),
    path("datasets/<str:slug>/source/now/", sources.poll_now, name="dataset_poll"),
    path("datasets/<str:slug>/source/pause/", sources.pause, name="dataset_pause"),
    path("datasets/<str:slug>/runs/", runs.dataset_runs, name="dataset_runs"),
    path("datasets/<str:slug>/quality/", quality.quality, name="dataset_quality"),
    path("datasets/<str:slug>/conformity/", conformity.conformity, name="dataset_conformity"),
    path("datasets/<str:slug>/conformity/<int:pk>/remove/", conformity.remove, name="dataset_conformity_remove"),
    path("datasets/<str:slug>/reports/<int:pk>/", quality.report, name="dataset_report"),
    path("datasets/<str:slug>/reports/<int:pk>.csv", quality.report_csv, name="dataset_report_csv"),
    path("datasets/<str:slug>/quarantine/", quarantine.quarantines, name="quarantines"),
    path("datasets/<str:slug>/quarantine/<str:uid>/", quarantine.quarantine, name="quarantine"),
    path("datasets/<str:slug>/quarantine/<str:uid>/drop/", quarantine.drop, name="quarantine_drop"),
    path("adoption/", quality.adoption, name="adoption"),
    path("digest/", quality.digest_setting, name="digest"),
    path("digest/stop/<str:token>/", quality.digest_stop, name="digest_stop"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<str:uid>/", runs.run, name="run"),
    path("runs/<str:uid>/cancel/", runs.cancel, name="run_cancel"),
    path("runs/<str:uid>/retry/", runs.retry, name="run_retry"),
    path("schemas/", schemas.schemas, name="schemas"),
    path("schemas/new/", schemas.new, name="schema_new"),
    path("schemas/remarks/<int:pk>/settle/", schema_actions.settle_remark, name="schema_remark_settle"),
    path(SCHEMA, schemas.schema, name="schema"),
    path(f"{SCHEMA}adoption/", schema_actions.adoption, name="schema_adoption"),
    path(f"{VERSION}draft/", schema_drafts.draft, name="schema_draft"),
    path(f"{VERSION}draft/json/", schema_drafts.raw, name="schema_raw"),
    path(f"{VERSION}draft/fields/new/", schema_drafts.field, name="schema_field_new"),
    path(f"{VERSION}draft/fields/<int:rank>/", schema_drafts.field, name="schema_field"),
    path(f"{VERSION}draft/fields/<int:rank>/move/", schema_drafts.field_move, name="schema_field_move"),
    path(f"{VERSION}remarks/", schema_actions.say, name="schema_remark"),
    path(f"{VERSION}<str:action>/", schema_actions.act, name="schema_act"),
    path("code-lists/", code_lists.code_lists, name="code_lists"),
    path("code-lists/new/", code_lists.new, name="code_list_new"),
    path("code-lists/<str:name>/", code_lists.code_list, name="code_list"),
    path("organization/<str:slug>/members/", members.members, name="members"),
    path("organization/<str:slug>/members/<int:pk>/role/", members.change_role, name="member_role"),
    path("organization/<str:slug>/members/<int:pk>/remove/", members.remove, name="member_remove"),
    path("portal/<str:uid>/theme/", portals.theme, name="portal_theme"),
    path("portal/<str:uid>/theme/sample.css", portals.sample, name="portal_sample"),
]
