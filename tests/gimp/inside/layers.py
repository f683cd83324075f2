# SPDX-License-Identifier: MIT
"""What the procedures make: requests, layers, their places, names and parasites."""

from __future__ import annotations

import json
from pathlib import Path

from harness import (CREATE, FILES, GENERATE, Gimp, add_layer, call, create, failure, generate, names, new_image, offsets, parasite_of,
                     pixels, run, sandbox, sent, settings_of, size)

from gi.repository import Gio


def check_three_variants_are_three_requests_and_three_layers():
    image = new_image()
    layers = generate(image, prompt="a red fox in the snow", variants=3, seed=42)
    assert [body["seed"] for body in sent()] == [42, 43, 44], sent()
    assert names(layers) == [f"a red fox in the snow (seed {seed})" for seed in (42, 43, 44)]
    assert names(image.get_layers()) == names(layers) + ["Background"]
    assert [size(layer) for layer in layers] == [(64, 48)] * 3


def check_a_request_has_only_what_was_set():
    generate(new_image(), seed=7)
    (body,) = sent()
    assert body == {"model": "z-image-turbo", "prompt": "a red fox", "width": 64, "height": 48, "seed": 7, "format": "png", "return_binary": True}


def check_every_argument_reaches_the_request():
    arguments = dict(model="z-image-turbo", negative_prompt="snow", width=64, height=48, steps=5, cfg_scale=7.5, seed=-5, style_preset="Anime",
                     lora_strength=0, safe_mode=False, hide_watermark=True, embed_exif_metadata=True, enhance_prompt=True, format="webp")
    sandbox.next(status=500, json={"error": "only looking"})
    failure(generate, new_image(), **arguments)
    (body,) = sent()
    assert body == {**arguments, "prompt": "a red fox", "return_binary": True}, body


def check_ratio_and_tier_arguments_reach_the_request():
    sandbox.next(status=500, json={"error": "only looking"})
    failure(generate, new_image(), model="some-model", aspect_ratio="16:9", resolution="2K", quality="high", enable_web_search=True,
            disable_prompt_optimization_thinking=True, seed=1)
    (body,) = sent()
    assert body == {"model": "some-model", "prompt": "a red fox", "aspect_ratio": "16:9", "resolution": "2K", "quality": "high", "seed": 1,
                    "enable_web_search": True, "disable_prompt_optimization_thinking": True, "format": "png", "return_binary": True}, body


def check_without_a_seed_one_is_chosen_and_noted():
    image = new_image()
    first, second = generate(image, variants=2)
    seeds = [body["seed"] for body in sent()]
    assert seeds[1] == seeds[0] + 1
    assert settings_of(first)["seed"] == seeds[0] and settings_of(second)["seed"] == seeds[1]
    generate(image)
    assert len({body["seed"] for body in sent()}) == 3


def kept_runs():
    """The folders of the runs on disk, the earliest first."""
    return sorted((Path(Gimp.directory()) / "venice-gimp" / "runs").iterdir())


def check_what_was_paid_for_is_on_disk_and_settled():
    generate(new_image(), variants=2, seed=5, prompt="kept on disk")
    run = kept_runs()[-1]
    assert json.loads((run / "run.json").read_text())["settings"]["prompt"] == "kept on disk"
    for index in (0, 1):
        assert (run / f"{index}.png").read_bytes().startswith(b"\x89PNG")
        assert (run / f"{index}.settled").exists(), sorted(path.name for path in run.iterdir())


def check_a_run_that_failed_is_noted_and_leaves_nothing_open():
    sandbox.next(status=500, json={"error": "only looking"})
    failure(generate, new_image(), seed=6, prompt="never made")
    run = kept_runs()[-1]
    assert json.loads((run / "0.json").read_text())["state"] == "failed"
    assert not list(run.glob("0.png"))


def check_seed_zero_is_a_seed():
    generate(new_image(), seed=0)
    assert sent()[0]["seed"] == 0


def check_the_parasite_is_what_was_sent():
    (layer,) = generate(new_image(), prompt='a "red"\nfox, 雪', seed=3)
    (body,) = sent()
    assert settings_of(layer) == body
    assert "sandbox-key" not in json.dumps(settings_of(layer))
    assert layer.get_name() == 'a "red" fox, 雪 (seed 3)'


def check_the_parasite_survives_an_xcf():
    image = new_image()
    layer = generate(image, seed=3, prompt="a red fox, 雪")[0]
    before = parasite_of(layer)
    file = Gio.File.new_for_path(str(FILES / "parasite.xcf"))
    assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
    again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    assert names(again.get_layers()) == ["a red fox, 雪 (seed 3)", "Background"]
    assert parasite_of(again.get_layers()[0]) == before
    assert b"sandbox-key" not in (FILES / "parasite.xcf").read_bytes()


def check_a_model_is_looked_up_if_none_is_given():
    (layer,) = call(GENERATE, image=new_image(), prompt="a red fox", width=64, height=48).get_core_object_array(1)
    assert [entry["path"] for entry in sandbox.requests()] == ["/models", "/image/generate"], sandbox.requests()
    assert settings_of(layer)["model"] == sent()[0]["model"] == "z-image-turbo"


def check_new_layers_are_above_the_active_one():
    image = new_image()
    middle = add_layer(image, "Middle")
    add_layer(image, "Top")
    image.set_selected_layers([middle])
    generate(image, variants=2, seed=1)
    assert names(image.get_layers()) == ["Top", "a red fox (seed 1)", "a red fox (seed 2)", "Middle", "Background"]


def check_new_layers_are_inside_the_group_of_the_active_one():
    image = new_image()
    group = Gimp.GroupLayer.new(image, "Group")
    image.insert_layer(group, None, 0)
    add_layer(image, "Upper", group, 0)
    lower = add_layer(image, "Lower", group, 1)
    image.set_selected_layers([lower])
    generate(image, seed=1)
    assert names(group.get_children()) == ["Upper", "a red fox (seed 1)", "Lower"]
    assert names(image.get_layers()) == ["Group", "Background"]


def check_new_layers_go_into_an_active_group():
    image = new_image()
    group = Gimp.GroupLayer.new(image, "Group")
    image.insert_layer(group, None, 0)
    add_layer(image, "Inner", group, 0)
    image.set_selected_layers([group])
    generate(image, seed=1)
    assert names(group.get_children()) == ["a red fox (seed 1)", "Inner"]


def check_new_layers_are_above_the_topmost_of_several_siblings():
    image = new_image()
    lower = add_layer(image, "Lower")
    upper = add_layer(image, "Upper")
    add_layer(image, "Top")
    image.set_selected_layers([lower, upper])
    generate(image, seed=1)
    assert names(image.get_layers()) == ["Top", "a red fox (seed 1)", "Upper", "Lower", "Background"]


def check_layers_of_different_groups_mean_the_top():
    image = new_image()
    group = Gimp.GroupLayer.new(image, "Group")
    image.insert_layer(group, None, 0)
    inner = add_layer(image, "Inner", group, 0)
    image.set_selected_layers([inner, image.get_layers()[1]])
    generate(image, seed=1)
    assert names(image.get_layers()) == ["a red fox (seed 1)", "Group", "Background"]


def check_an_image_without_layers_gets_its_first():
    image = new_image(layer=False)
    generate(image, seed=1)
    assert names(image.get_layers()) == ["a red fox (seed 1)"]


def check_the_uppermost_new_layer_is_active():
    image = new_image()
    layers = generate(image, variants=3, seed=1)
    assert names(image.get_selected_layers()) == [layers[0].get_name()]


def check_centred_on_the_canvas():
    (layer,) = generate(new_image(401, 300))
    assert offsets(layer) == ((401 - 64) // 2, (300 - 48) // 2)


def check_larger_than_the_canvas_is_centred_with_floor():
    image = new_image(33, 21)
    (layer,) = generate(image)
    assert offsets(layer) == ((33 - 64) // 2, (21 - 48) // 2) == (-16, -14)
    assert size(image) == (33, 21)


def check_centred_on_the_selection():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 101, 51, 200, 100)
    (layer,) = generate(image)
    assert offsets(layer) == (101 + (200 - 64) // 2, 51 + (100 - 48) // 2)
    assert not Gimp.Selection.is_empty(image)


def check_the_soft_edge_of_a_selection_counts():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 150, 100, 40, 40)
    Gimp.Selection.feather(image, 20)
    _, non_empty, left, top, right, bottom = Gimp.Selection.bounds(image)
    assert non_empty and left < 150
    (layer,) = generate(image)
    assert offsets(layer) == (left + (right - left - 64) // 2, top + (bottom - top - 48) // 2)


def check_a_canvas_wide_selection_is_the_canvas():
    image = new_image(401, 300)
    Gimp.Selection.all(image)
    assert offsets(generate(image)[0]) == ((401 - 64) // 2, (300 - 48) // 2)


def check_other_layers_keep_their_pixels():
    image = new_image()
    before = pixels(image.get_layers()[0])
    generate(image, variants=2)
    assert pixels(image.get_layers()[2]) == before


def check_layers_are_plain():
    (layer,) = generate(new_image())
    assert layer.get_opacity() == 100 and layer.get_visible() and layer.get_mask() is None
    assert layer.get_mode() == Gimp.LayerMode.NORMAL
    assert not layer.get_lock_content() and not layer.get_lock_position() and not layer.get_lock_alpha()


def check_undo_is_on_afterwards():
    image = new_image()
    generate(image, variants=2)
    assert image.undo_is_enabled()


def check_a_floating_selection_costs_nothing():
    image = new_image()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 50, 50)
    assert Gimp.Selection.float(image, [image.get_layers()[0]], 5, 5)
    text = failure(generate, image)
    assert "floating selection" in text, text
    assert sent() == []
    Gimp.floating_sel_anchor(image.get_floating_sel())


def check_create_image_makes_an_image_of_that_size():
    image = create(seed=42, prompt="a harbour")
    assert size(image) == (64, 48)
    assert image.get_base_type() == Gimp.ImageBaseType.RGB
    assert names(image.get_layers()) == ["a harbour (seed 42)"]
    assert offsets(image.get_layers()[0]) == (0, 0)
    assert settings_of(image.get_layers()[0])["seed"] == 42
    assert image.undo_is_enabled()


def check_create_image_with_variants_has_them_as_layers():
    image = create(seed=42, variants=4)
    assert [body["seed"] for body in sent()] == [42, 43, 44, 45]
    assert names(image.get_layers()) == [f"a red fox (seed {seed})" for seed in (42, 43, 44, 45)]


def check_the_pictures_are_those_of_the_server():
    """The same request gives the same pixels, another seed others: the layers are not mixed up."""
    first = generate(new_image(), variants=2, seed=5)
    second = generate(new_image(), variants=2, seed=6)
    assert pixels(first[1]) == pixels(second[0])
    assert pixels(first[0]) != pixels(first[1])


def check_both_procedures_are_documented():
    for name, label, menu in ((GENERATE, "Generate _Layers…", "<Image>/Filters/Venice"), (CREATE, "_Venice Image…", "<Image>/File/Create")):
        procedure = Gimp.get_pdb().lookup_procedure(name)
        assert procedure.get_menu_label() == label
        assert [path.rstrip("/") for path in procedure.get_menu_paths()] == [menu]
        assert procedure.get_blurb() and procedure.get_help() and procedure.get_authors() and procedure.get_date()
        for argument in procedure.get_arguments():
            assert argument.get_blurb(), argument.name


def check_arguments_are_the_documented_ones():
    wanted = ("prompt model negative-prompt width height aspect-ratio resolution quality steps cfg-scale seed variants style-preset "
              "lora-strength safe-mode hide-watermark embed-exif-metadata enable-web-search enhance-prompt "
              "disable-prompt-optimization-thinking format").split()
    generate_arguments = [argument.name for argument in Gimp.get_pdb().lookup_procedure(GENERATE).get_arguments()]
    create_arguments = [argument.name for argument in Gimp.get_pdb().lookup_procedure(CREATE).get_arguments()]
    assert generate_arguments == ["run-mode", "image", "drawables"] + wanted + ["target", "placement", "group"]
    assert create_arguments == ["run-mode"] + wanted
    config = Gimp.get_pdb().lookup_procedure(GENERATE).create_config()
    defaults = {name: config.get_property(name) for name in ("seed", "lora-strength", "width", "cfg-scale", "variants", "safe-mode", "enhance-prompt")}
    assert defaults == {"seed": -1000000000, "lora-strength": -1, "width": 0, "cfg-scale": 0.0, "variants": 1, "safe-mode": True,
                        "enhance-prompt": False}, defaults


run(globals())
