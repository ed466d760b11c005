"""Reports of appraisal on page, in workbooks and on paper."""
