//! Handlers of the JSON API as functions: whoever has the right signature is one.

use std::rc::Rc;

use super::operation::Operation;
use super::parts::{Part, Reading};
use super::replies::Reply;
use crate::call::Call;
use crate::failure::Failure;
use crate::route::Answer;

/// An async function from the call and its [parts](Part) to a [reply](Reply). The type parameter only tells
/// functions of different signatures apart; it is always inferred.
pub(crate) trait Handler<Parts>: Copy + 'static {
    /// Reads the parts in their order, runs the function and answers.
    fn serve(self, call: Rc<Call>) -> Answer;

    /// Says what the parts and the reply look like.
    fn describe(self, operation: &mut Operation<'_>);
}

macro_rules! handlers {
    ($($part:ident: $name:ident),*) => {
        impl<F, Running, R, $($part),*> Handler<($($part,)*)> for F
        where
            F: Fn(Rc<Call> $(, $part)*) -> Running + Copy + 'static,
            Running: Future<Output = Result<R, Failure>> + 'static,
            R: Reply,
            $($part: Part,)*
        {
            fn serve(self, call: Rc<Call>) -> Answer {
                Box::pin(async move {
                    let reading = Reading::of(&call);
                    $(let $name = $part::read(&reading).await?;)*
                    reading.done()?;
                    self(call $(, $name)*).await?.answer()
                })
            }

            fn describe(self, operation: &mut Operation<'_>) {
                $($part::describe(operation);)*
                R::describe(operation);
            }
        }
    };
}

handlers!();
handlers!(A: first);
handlers!(A: first, B: second);
handlers!(A: first, B: second, C: third);
handlers!(A: first, B: second, C: third, D: fourth);
