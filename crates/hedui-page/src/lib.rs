//! hedui-page
