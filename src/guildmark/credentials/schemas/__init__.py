"""JSON Schemas of Open Badges 3.0 and the Comprehensive Learner Record 2.0, and their use."""
