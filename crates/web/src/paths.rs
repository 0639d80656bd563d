//! Addresses as functions, so that a handler, a template and a mail cannot spell one differently.

use kernel::{
    BoardStageId, CompanyId, ContactId, DealId, DeliveryId, FileId, JobId, LeadId, MergeId, MessageId,
    OrderId, PersonId, QuoteId, SubmissionId, UnitId, WorkerId,
};

use fulfillment::questions::QuestionId;
use fulfillment::sampling::StreamId;
use sales::About;
use sales::bulk_edits::BulkEditId;
use sales::hearings::HearingId;
use sales::pipelines::PipelineId;
use sales::todos::TodoId;
use sales::views::ViewId;
use workforce::courses::CourseId;

macro_rules! paths {
    ($($(#[$meta:meta])* $name:ident($id:ident) = $before:literal;)+) => {
        $($(#[$meta])* pub(crate) fn $name(id: $id) -> String { format!("{}/{id}", $before) })+
    };
}

paths! {
    /// A company.
    company(CompanyId) = "/companies";
    /// A contact's edit form.
    contact(ContactId) = "/contacts";
    /// A merge.
    merge(MergeId) = "/merges";
    /// A lead.
    lead(LeadId) = "/leads";
    /// A deal.
    deal(DealId) = "/deals";
    /// A hearing sheet.
    hearing(HearingId) = "/hearings";
    /// A todo.
    todo(TodoId) = "/todos";
    /// A pipeline.
    pipeline(PipelineId) = "/pipelines";
    /// A stage of a pipeline.
    stage(BoardStageId) = "/stages";
    /// A saved view.
    view(ViewId) = "/views";
    /// One change to many things.
    bulk_edit(BulkEditId) = "/bulk-edits";
    /// A quote.
    quote(QuoteId) = "/quotes";
    /// An order.
    order(OrderId) = "/orders";
    /// A job.
    job(JobId) = "/jobs";
    /// A job as a worker is offered it.
    offer(JobId) = "/offers";
    /// A question about how a job is done.
    question(QuestionId) = "/questions";
    /// A job as whoever works on it sees it.
    my_job(JobId) = "/my-jobs";
    /// A unit as its worker sees it.
    my_unit(UnitId) = "/my-units";
    /// A submission before its checker.
    review(SubmissionId) = "/review";
    /// How one person is looked at in one kind of work.
    sampling(StreamId) = "/sampling";
    /// A delivery as the town sees it.
    delivery(DeliveryId) = "/deliveries";
    /// A stored file's download.
    file(FileId) = "/files";
    /// A worker.
    worker(WorkerId) = "/workers";
    /// A training.
    course(CourseId) = "/courses";
    /// A member.
    member(PersonId) = "/members";
    /// A mail's timeline.
    message(MessageId) = "/messages";
}

/// The page of what an activity or a todo is about.
pub(crate) fn about(about: About) -> String {
    match about {
        About::Deal(id) => deal(id),
        About::Company(id) => company(id),
        About::Lead(id) => lead(id),
    }
}
