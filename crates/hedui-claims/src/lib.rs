//! hedui-claims
