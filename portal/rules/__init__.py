"""What may be done, and what follows."""

# Whoever changes anything keeps what is kept.
from portal.rules import class_days as class_days
from portal.rules import taken_days as taken_days
from portal.rules import visit_days as visit_days
