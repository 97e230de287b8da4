"""Addresses of careers, of what is kept about a person, and of two rows that become one."""

from __future__ import annotations

from django.urls import path

from lianxin.web.account import corrections, merging, own_data
from lianxin.web.careers import assess, listing, one, proposals, renewing, worker, writing

ADDRESSES = [
    path("career", one.own, name="career"),
    path("careers", listing.workers, name="careers"),
    path("careers/new", worker.worker, name="career_new"),
    path("careers/assess", assess.assess_page, name="career_assess"),
    path("careers/assess/<int:id>/undo", assess.assess_undo, name="career_assess_undo"),
    path("careers/proposals", proposals.proposals, name="career_proposals"),
    path("careers/<int:key>", one.career, name="career_of"),
    path("careers/<int:key>/particulars", one.particulars, name="career_particulars"),
    path("careers/<int:key>/renew", renewing.renewal, name="career_renew"),
    path("careers/<int:key>/born", writing.born, name="career_born"),
    path("careers/<int:key>/facts/<int:number>", writing.fact, name="career_fact"),
    path("careers/<int:key>/add/<slug:kind>", writing.fact_new, name="career_fact_new"),
    path("me/data", own_data.data, name="me_data"),
    path("me/data/erase", own_data.gone, name="me_data_erase"),
    path("me/data/wrong", own_data.wrong, name="me_data_ask"),
    path("me/data.<slug:kind>", own_data.file, name="me_data_file"),
    path("corrections", corrections.corrections, name="corrections"),
    path("corrections/<int:key>", corrections.answered, name="correction_answer"),
    path("accounts/<int:key>/same", merging.same, name="account_same"),
]
