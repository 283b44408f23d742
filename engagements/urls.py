"""Addresses: the practice's pages of one client under /c/, the client's people under /my/ and /board/."""

from django.urls import path

from engagements.views import agreement, asks, decisions, estate, mine, people, tasks

app_name = "engagements"

C = "c/<slug:client_key>"
MY = "my/<slug:client_key>"
BOARD = "board/<slug:client_key>"

urlpatterns = [
    path(f"{C}/profile/", agreement.profile, name="profile"),
    path(f"{C}/profile/edit/", agreement.profile_edit, name="profile-edit"),
    path(f"{C}/settings/", agreement.settings, name="settings"),
    path(f"{C}/objectives/new/", agreement.objective_new, name="objective-new"),
    path(f"{C}/objectives/<uuid:pk>/edit/", agreement.objective_edit, name="objective-edit"),
    path(f"{C}/objectives/<uuid:pk>/drop/", agreement.objective_drop, name="objective-drop"),
    path(f"{C}/engagement/", agreement.engagement, name="engagement"),
    path(f"{C}/engagement/new/", agreement.engagement_new, name="engagement-new"),
    path(f"{C}/engagement/<uuid:pk>/edit/", agreement.engagement_edit, name="engagement-edit"),
    path(f"{C}/hours/", agreement.hours, name="hours"),
    path(f"{C}/hours/new/", agreement.time_new, name="time-new"),
    path(f"{C}/hours/<uuid:pk>/edit/", agreement.time_edit, name="time-edit"),
    path(f"{C}/hours/<uuid:pk>/remove/", agreement.time_remove, name="time-remove"),
    path(f"{C}/people/", people.person_list, name="people"),
    path(f"{C}/people/new/", people.person_new, name="person-new"),
    path(f"{C}/people/<uuid:pk>/", people.person_detail, name="person"),
    path(f"{C}/people/<uuid:pk>/edit/", people.person_edit, name="person-edit"),
    path(f"{C}/people/<uuid:pk>/invite/", people.person_invite, name="person-invite"),
    path(f"{C}/people/<uuid:pk>/deputy/", people.person_deputy, name="person-deputy"),
    path(f"{C}/people/<uuid:pk>/deputy/end/", people.person_deputy_end, name="person-deputy-end"),
    path(f"{C}/people/<uuid:pk>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path(f"{C}/people/<uuid:pk>/reactivate/", people.person_reactivate, name="person-reactivate"),
    path(f"{C}/people/<uuid:pk>/remove-access/", people.person_remove_access, name="person-remove-access"),
    path(f"{C}/systems/", estate.system_list, name="systems"),
    path(f"{C}/systems/new/", estate.system_new, name="system-new"),
    path(f"{C}/systems/<slug:ref>/", estate.system_detail, name="system"),
    path(f"{C}/systems/<slug:ref>/edit/", estate.system_edit, name="system-edit"),
    path(f"{C}/systems/<slug:ref>/retire/", estate.system_retire, name="system-retire"),
    path(f"{C}/processes/", estate.process_list, name="processes"),
    path(f"{C}/processes/new/", estate.process_new, name="process-new"),
    path(f"{C}/processes/<slug:ref>/", estate.process_detail, name="process"),
    path(f"{C}/processes/<slug:ref>/edit/", estate.process_edit, name="process-edit"),
    path(f"{C}/processes/<slug:ref>/retire/", estate.process_retire, name="process-retire"),
    path(f"{C}/tasks/", tasks.task_list, name="tasks"),
    path(f"{C}/tasks/new/", tasks.task_new, name="task-new"),
    path(f"{C}/tasks/<slug:ref>/", tasks.task_detail, name="task"),
    path(f"{C}/tasks/<slug:ref>/edit/", tasks.task_edit, name="task-edit"),
    path(f"{C}/tasks/<slug:ref>/done/", tasks.task_done, name="task-done"),
    path(f"{C}/tasks/<slug:ref>/cancel/", tasks.task_cancel, name="task-cancel"),
    path(f"{C}/tasks/<slug:ref>/reopen/", tasks.task_reopen, name="task-reopen"),
    path(f"{C}/decisions/", decisions.decision_list, name="decisions"),
    path(f"{C}/decisions/new/", decisions.decision_new, name="decision-new"),
    path(f"{C}/decisions/<slug:ref>/", decisions.decision_detail, name="decision"),
    path(f"{C}/decisions/<slug:ref>/edit/", decisions.decision_edit, name="decision-edit"),
    path(f"{C}/decisions/<slug:ref>/put/", decisions.decision_put, name="decision-put"),
    path(f"{C}/decisions/<slug:ref>/withdraw/", decisions.decision_withdraw, name="decision-withdraw"),
    path(f"{C}/asks/<slug:ref>/", asks.ask_detail, name="ask"),
    path(f"{C}/asks/<slug:ref>/record/", asks.ask_record, name="ask-record"),
    path(f"{C}/asks/<slug:ref>/remind/", asks.ask_remind, name="ask-remind"),
    path(f"{C}/asks/<slug:ref>/withdraw/", asks.ask_withdraw, name="ask-withdraw"),
    path(f"{C}/asks/<slug:ref>/reply/", asks.ask_reply, name="ask-reply"),
    path(f"{MY}/decisions/", mine.my_decisions, name="my-decisions"),
    path(f"{MY}/asks/<slug:ref>/", mine.my_ask, name="my-ask"),
    path(f"{MY}/asks/<slug:ref>/comment/", mine.my_comment, name="my-ask-comment"),
    path(f"{MY}/asks/<slug:ref>/confirm/", mine.my_confirm, name="my-ask-confirm"),
    path(f"{MY}/tasks/", mine.my_tasks, name="my-tasks"),
    path(f"{MY}/tasks/<slug:ref>/", mine.my_task, name="my-task"),
    path(f"{BOARD}/asks/<slug:ref>/", mine.board_ask, name="board-ask"),
    path(f"{BOARD}/asks/<slug:ref>/comment/", mine.board_comment, name="board-ask-comment"),
    path(f"{BOARD}/asks/<slug:ref>/confirm/", mine.board_confirm, name="board-ask-confirm"),
]
