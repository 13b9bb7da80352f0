"""Every learning management system by one door: how it names columns and files, writes times, and takes grades back.

A system is one module here (canvas.py), which gives one frozen description (system.py): how its roster is recognised
and what its columns mean, how a name in its download is read, where its times stand, which file it takes back. The
registry is systems.py. What all share: CSV tables (tables.py), columns by their English names whatever the language
(columns.py, header_words.toml), times as people write them (written_times.py).

A new LMS is a new module, its line in the registry, and its tests. A description is data and plain functions of names
and rows: it knows neither points nor gradebook. For the file that goes back, a module lays out rows whose grades are
text already; exports/ makes that text and writes the file. So this package imports nothing above it.
"""
